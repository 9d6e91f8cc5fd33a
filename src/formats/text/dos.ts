import iconv from 'iconv-lite';
import type { ByteSource } from './decode.ts';

/** Code pages of DOS, which tills and old stock programs still write and the platform's own decoder does not know. */
const pages: Readonly<Record<string, string>> = {
  cp437: 'cp437',
  ibm437: 'cp437',
  dos: 'cp437',
  cp850: 'cp850',
  ibm850: 'cp850',
  cp852: 'cp852',
  ibm852: 'cp852',
};

/** The code page that this name means; undefined when it is none of DOS. */
export const dosPage = (encoding: string | undefined): string | undefined => pages[(encoding ?? '').trim().toLowerCase()];

/** The same text in UTF-8. Every byte is a letter in these pages, so that nothing can be wrong with it but the guess. */
export async function* fromDos(source: ByteSource, page: string): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const chunk of source)
    yield encoder.encode(iconv.decode(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), page, { stripBOM: false }));
}
