/** A ZIP file's entries, by its directory, and the bytes of each, with limits that no honest file meets. */
export { isZip, mostZipBytes, readZip, type ZipEntry, zipLimits } from './zip.ts';
