import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a sealed value belongs to. A blob copied to another tenant or another field does not open. */
export interface SealedFor {
  tenant: string;
  field: string;
}

export interface MasterKey {
  /** Eight letters made from the key itself, so that two machines with the same key agree on its name. */
  id: string;
  bytes: Uint8Array;
}

export interface Sealer {
  /** Seals with the newest key. The result is text: `s1.<key id>.<base64url>`. */
  seal(plain: string, belongsTo: SealedFor): string;
  /** Opens what `seal` made for the same tenant and field, with whichever of our keys it names; throws otherwise. */
  open(sealed: string, belongsTo: SealedFor): string;
  /** Whether this blob was sealed with another key than the newest, and should be sealed again. */
  isOld(sealed: string): boolean;
}

/*
 * Envelope: every value has its own random data key; the master key only wraps data keys. So a master key never touches
 * more than 32-byte random texts, far from the limit on GCM's random nonces, and rotating is one re-wrap.
 * Blob: version 1 | nonce 12 | wrapped data key 32 | tag 16 | nonce 12 | text n | tag 16.
 */
const version = 's1';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const mostPlainBytes = 65_536;
const keyFileLimitBytes = 4_096;

/** A fresh master key as text: 32 random bytes in base64url. */
export const newMasterKey = (): string => randomBytes(keyBytes).toString('base64url');

/** Reads a master key from its text; throws when it is not exactly 32 bytes of base64 or base64url. */
export function readMasterKey(text: string): MasterKey {
  const trimmed = text.trim();
  if (!/^[A-Za-z0-9_+/-]{43}=?$/.test(trimmed)) {
    throw new Error('A master key is 32 bytes in base64 (43 letters). Make one with: stockless key new');
  }
  const bytes = Buffer.from(trimmed, 'base64');
  return { id: createHash('sha256').update('stockless key id').update(bytes).digest('base64url').slice(0, 8), bytes };
}

/** Seals and opens with these keys; the first is the newest. */
export function makeSealer(keys: readonly [MasterKey, ...MasterKey[]]): Sealer {
  const [newest] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    seal: (plain, belongsTo) => {
      const text = Buffer.from(plain, 'utf8');
      if (text.length > mostPlainBytes) throw new RangeError(`a secret may have ${mostPlainBytes} bytes; this one has ${text.length}`);
      const dataKey = randomBytes(keyBytes);
      const about = boundTo(newest.id, belongsTo);
      const blob = Buffer.concat([encrypt(newest.bytes, dataKey, about), encrypt(dataKey, text, about)]);
      dataKey.fill(0);
      return `${version}.${newest.id}.${blob.toString('base64url')}`;
    },
    open: (sealed, belongsTo) => {
      const [form, keyId = '', body = ''] = sealed.split('.');
      if (form !== version) throw new Error(`The secret for ${belongsTo.field} is sealed in a form this version does not know.`);
      const key = byId.get(keyId);
      if (!key) {
        throw new Error(
          `The secret for ${belongsTo.field} was sealed with key ${keyId.slice(0, 8)}, which is not here. Add it to the key file.`,
        );
      }
      const about = boundTo(key.id, belongsTo);
      const blob = Buffer.from(body, 'base64url');
      const wrappedBytes = nonceBytes + keyBytes + tagBytes;
      try {
        const dataKey = decrypt(key.bytes, blob.subarray(0, wrappedBytes), about);
        return decrypt(dataKey, blob.subarray(wrappedBytes), about).toString('utf8');
      } catch {
        // The cause is left out: it says nothing useful and must not carry bytes of the blob.
        throw new Error(`The secret for ${belongsTo.field} does not open: it was changed, or belongs to another tenant or field.`);
      }
    },
    isOld: (sealed) => sealed.split('.')[1] !== newest.id,
  };
}

/**
 * The sealer of this installation: keys from `fromEnv` (STOCKLESS_KEY) when given, else from the file, which is made with one
 * fresh key at the first start. Several keys stand one per line or comma; the first is the newest.
 */
export function loadSealer(options: { keyFile: string; fromEnv?: string | undefined }): Sealer {
  const texts = (options.fromEnv ?? readOrMakeKeyFile(options.keyFile)).split(/[\s,]+/).filter((text) => text !== '');
  const [first, ...rest] = texts.map(readMasterKey);
  if (!first) throw new Error(`There is no master key in ${options.fromEnv === undefined ? options.keyFile : 'STOCKLESS_KEY'}.`);
  return makeSealer([first, ...rest]);
}

function readOrMakeKeyFile(path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    // 'wx': of two processes that start together, one makes the file and the other reads it.
    const file = openSync(path, 'wx', 0o600);
    const text = `${newMasterKey()}\n`;
    writeSync(file, text);
    fsyncSync(file);
    closeSync(file);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { mode, size } = statSync(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new Error(`The key file ${path} can be read by others. Take that away: chmod 600 ${path}`);
  }
  if (size > keyFileLimitBytes) throw new Error(`The key file ${path} has ${size} bytes; that is no key file of ours.`);
  return readFileSync(path, 'utf8');
}

/** Length before text, so that no two pairs of tenant and field can be written to the same bytes. */
const boundTo = (keyId: string, { tenant, field }: SealedFor): Buffer =>
  Buffer.from([version, keyId, tenant, field].map((part) => `${Buffer.byteLength(part)}:${part}`).join('|'), 'utf8');

function encrypt(key: Uint8Array, plain: Uint8Array, about: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(about);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, blob: Buffer, about: Uint8Array): Buffer {
  if (blob.length < nonceBytes + tagBytes) throw new Error('too short');
  const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(about);
  decipher.setAuthTag(blob.subarray(blob.length - tagBytes));
  return Buffer.concat([decipher.update(blob.subarray(nonceBytes, blob.length - tagBytes)), decipher.final()]);
}
