export { type IniValue, parseIniValue } from './ini/ini-value.ts';
export { type HostLine, type HostToken, splitHostLine } from './ini/split-host-line.ts';
