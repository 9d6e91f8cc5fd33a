import { Fault } from '#kernel/fault';

const longestName = 200;
const mostParts = 12;

/** Control characters, and the ones that turn the direction of text around, so that a name looks like another. */
// oxlint-disable-next-line no-control-regex
const hidden = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]/u;

/** A plain name: no part of a path, nothing hidden, not so long that a disk would cut it. */
export const isSafeName = (name: string): boolean =>
  name !== '' && !name.startsWith('.') && Buffer.byteLength(name) <= longestName && !/[/\\]/.test(name) && !hidden.test(name);

/** Written still, or kept from sight: not for us yet. */
export const isUnfinished = (name: string): boolean => /\.(part|tmp|filepart|writing|crdownload)$/i.test(name);

/** `folder/name`, checked; throws `misconfigured` for a folder and `refused` for a name that could lead elsewhere. */
export function pathOf(folder: string, name: string): string {
  if (!isSafeName(name)) {
    const shown = JSON.stringify(name.slice(0, 80));
    throw new Fault(
      'refused',
      'unsafe-name',
      `${shown} is no name a file may have here: no "/", "\\", leading "." or control characters, at most ${longestName} bytes.`,
    );
  }
  return under(folderOf(folder), name);
}

/** A folder below the root, without slashes at its ends; '' is the root itself. */
export function folderOf(folder: string): string {
  const parts = folder.split('/').filter((part) => part !== '');
  if (parts.length > mostParts || !parts.every(isSafeName)) {
    throw new Fault(
      'misconfigured',
      'unsafe-folder',
      `${JSON.stringify(folder.slice(0, 80))} is no folder below the agreed one. Correct it in the settings.`,
    );
  }
  return parts.join('/');
}

export const under = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);
