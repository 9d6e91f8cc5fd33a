/**
 * An *interchange* (X12 or EDIFACT) is a text of *segments*; a segment has a *tag* and *elements*, and an element of EDIFACT has
 * *components*. Read as it is really sent: with marks before it, indented, wrapped at line ends, in whatever signs it says itself.
 */
export { type EdiSegment, type EdiSigns, isEdi, readSegments } from './segments.ts';
