/**
 * Bytes to text, strictly. An *encoding* is a WHATWG name that TextDecoder knows; a *guess* is what the bytes look like, to be
 * shown to a person; a *source* is any async iterable of byte chunks. A byte that does not belong to the encoding ends the
 * reading with its place: a replaced character in a SKU or an address would be a wrong SKU or address.
 */
export { decodeText, oneChunk, steadyChunks, type ByteSource } from './decode.ts';
export { dosPage, fromDos } from './dos.ts';
export { guessEncoding, type EncodingGuess } from './guess.ts';
export { peekBytes, type Peeked } from './peek.ts';
