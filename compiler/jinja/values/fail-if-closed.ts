import { PyObject, type Value } from './value.ts';

/** What may not be looked into at all says so itself, before anybody says that its type is wrong. */
export function failIfClosed(value: Value): void {
  if (value instanceof PyObject && value.isClosed) value.pyStr?.();
}
