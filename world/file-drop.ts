import { Fault } from '#kernel/fault';
import type { DroppedFile, FileDrop } from '#ports/file-drop';
import type { Realm } from './realm.ts';
import type { Folders, StoredFile } from './shops.ts';

export interface Folder {
  owner: string;
  folders: Folders;
  /** Something was put there for the far side. */
  onWrite(folder: string, file: StoredFile): void;
}

/** A folder shared with us, as the program sees it through the port. Faults are thrown as the port says. */
export function openDrop(realm: Realm, box: Folder): FileDrop {
  const wire = (what: string): void => {
    const name = `${box.owner} ${what}`;
    if (!realm.goesWrong('drop_refused', name, realm.now(), realm.nth(name))) return;
    realm.say(`drop ${box.owner}`, `${what} drop_refused`);
    throw new Fault('transient', 'connection-refused', `${box.owner}: no connection to the file server`);
  };
  return {
    list: async (folder, limit) => {
      wire(`list ${folder}`);
      return listed(realm, box, folder).slice(0, limit);
    },
    read: async (folder, name, maxBytes) => {
      wire(`read ${folder}/${name}`);
      const file = find(box, folder, name);
      if (file === undefined || file.archived)
        throw new Fault('refused', 'no-such-file', `${box.owner}: there is no file ${name} in ${folder}`);
      const bytes = new Uint8Array(Buffer.from(file.bytes, 'base64'));
      if (bytes.length > maxBytes)
        throw new Fault('refused', 'too-large', `${box.owner}: ${name} has ${bytes.length} bytes; at most ${maxBytes} are read`);
      return bytes;
    },
    write: async (folder, name, bytes) => {
      wire(`write ${folder}/${name}`);
      write(realm, box, folder, name, bytes);
      if (!realm.goesWrong('drop_lost', box.owner, name, realm.now())) return;
      realm.say(`drop ${box.owner}`, `write ${folder}/${name} drop_lost`);
      throw new Fault('unknown', 'connection-lost', `${box.owner}: the connection broke after ${name} was renamed`);
    },
    exists: async (folder, name) => {
      wire(`exists ${folder}/${name}`);
      return find(box, folder, name) !== undefined;
    },
    archive: async (folder, name) => {
      wire(`archive ${folder}/${name}`);
      const file = find(box, folder, name);
      if (file !== undefined) file.archived = true;
    },
  };
}

const find = (box: Folder, folder: string, name: string): StoredFile | undefined =>
  box.folders[folder]?.findLast((file) => file.name === name);

/** Sorted by name; now and then the server shows a listing from before the newest file came. */
function listed(realm: Realm, box: Folder, folder: string): DroppedFile[] {
  const files = (box.folders[folder] ?? []).filter((file) => !file.archived && file.at <= realm.now() && !/\.(part|tmp)$/.test(file.name));
  const shown = files.length > 0 && realm.goesWrong('drop_stale', box.owner, folder, realm.now()) ? files.slice(0, -1) : files;
  return shown
    .map(({ name, bytes }) => ({ name, sizeBytes: Buffer.from(bytes, 'base64').length }))
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

function write(realm: Realm, box: Folder, folder: string, name: string, bytes: Uint8Array): void {
  const text = Buffer.from(bytes).toString('base64');
  const there = find(box, folder, name);
  if (there !== undefined && !there.archived) {
    if (there.bytes !== text) throw new Fault('refused', 'other-content', `${box.owner}: ${name} is there already with other content`);
    return;
  }
  realm.say(`drop ${box.owner}`, `took ${folder}/${name}`);
  box.onWrite(folder, put(realm, box.folders, folder, name, text));
}

/** Puts a file there, as the far side or as we do. */
export function put(realm: Realm, folders: Folders, folder: string, name: string, base64: string): StoredFile {
  const file: StoredFile = { name, bytes: base64, at: realm.now(), archived: false };
  (folders[folder] ??= []).push(file);
  return file;
}

/** Puts a text file for us to find, and now and then the same once more under another name. */
export function leave(realm: Realm, owner: string, folders: Folders, folder: string, name: string, text: string): void {
  const base64 = Buffer.from(text, 'utf8').toString('base64');
  put(realm, folders, folder, name, base64);
  realm.say(`drop ${owner}`, `left ${folder}/${name}`, text);
  if (realm.goesWrong('file_again', owner, name)) put(realm, folders, folder, name.replace(/\.csv$/, ' (1).csv'), base64);
}
