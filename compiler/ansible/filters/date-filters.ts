import {
  asNumber,
  asText,
  type PyFunction,
  pyFunction,
  str,
  toDouble,
  truth,
  typeError,
  typeName,
  UnsupportedError,
  type Value,
} from '../../jinja/jinja.ts';
import { parseFloatText } from '../../jinja/values/numbers.ts';
import { AnsibleFilterError } from '../errors.ts';
import { dateTimeOfEpoch } from '../values/date-time.ts';
import { formatTime } from '../values/format-time.ts';
import { parseTime } from '../values/parse-time.ts';

function strftime(format: Value, second: Value, utc: Value): Value {
  if (second === null) {
    throw new UnsupportedError(
      'strftime without a time asks for the moment of rendering; give it seconds, with utc=true',
    );
  }
  const number = asNumber(second);
  const text = asText(second);
  const seconds =
    number === undefined ? (text === undefined ? undefined : parseFloatText(text)) : toDouble(number);
  if (seconds === undefined || !Number.isFinite(seconds)) {
    throw new AnsibleFilterError(`Invalid value for epoch value (${str(second)})`);
  }
  if (!truth(utc)) {
    throw new UnsupportedError("strftime gives the time of the machine's zone; add utc=true");
  }
  return formatTime(str(format), dateTimeOfEpoch(Math.trunc(seconds)));
}

/** Filters on times. */
export const DATE_FILTERS: Record<string, PyFunction> = {
  to_datetime: pyFunction('string format?', (value: Value, format: Value = '%Y-%m-%d %H:%M:%S') => {
    const text = asText(value);
    if (text === undefined) throw typeError(`strptime() argument 1 must be str, not ${typeName(value)}`);
    return parseTime(text, str(format));
  }),
  strftime: pyFunction(
    'string_format second? utc?',
    (format: Value, second: Value = null, utc: Value = false) => strftime(format, second, utc),
  ),
};
