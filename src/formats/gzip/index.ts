/** Gzip (RFC 1952), streamed: a *ratio* is bytes out per byte in, and a file far beyond what text can reach is a bomb. */
export { gunzip, gzipLimits, isGzip, type GzipLimits } from './gunzip.ts';
