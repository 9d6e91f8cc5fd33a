/** A *line* of the log says what happened, in one JSON object; who it is about stands there as an id, never as a person. */
export { type Log, type LogOptions, makeLog, silentLog } from './log.ts';
export { isMaskedName, mask, masked, maskText } from './mask.ts';
