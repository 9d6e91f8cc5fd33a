import { type DragEvent, useRef } from 'react';
import type { FeedDetail } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { Refused } from '../../api/client.ts';
import type { Wizard } from './useWizard.ts';
import { transportChoices, transportWord } from './words.ts';

interface Field {
  name: string;
  label: string;
  secret?: boolean;
  /** Below `sftp` or `ftp`. */
  within?: string;
  choices?: readonly (readonly [string, string])[];
  placeholder?: string;
  when?: (settings: Readonly<Record<string, unknown>>) => boolean;
}

const auths = [
  ['', 'no login'],
  ['basic', 'user and password'],
  ['bearer', 'bearer token'],
  ['header', 'a header of its own'],
] as const;
const inFolder: readonly Field[] = [
  { name: 'folder', label: 'Folder', placeholder: 'out/stock' },
  { name: 'pattern', label: 'Names of files', placeholder: 'stock-*.csv' },
  {
    name: 'take',
    label: 'Take',
    choices: [
      ['newest', 'the newest file'],
      ['all', 'all, in order'],
    ],
  },
  {
    name: 'after',
    label: 'Afterwards',
    choices: [
      ['leave', 'leave it there'],
      ['archive', 'move it to “archive”'],
    ],
  },
];
const server = (within: string): readonly Field[] => [
  { name: 'host', label: 'Server', within, placeholder: 'sftp.supplier.com' },
  { name: 'user', label: 'User', within },
];

const fieldsOf: Readonly<Record<string, readonly Field[]>> = {
  upload: [],
  http: [
    { name: 'url', label: 'Address', placeholder: 'https://' },
    { name: 'auth', label: 'Login', choices: auths },
    { name: 'user', label: 'User', when: ({ auth }) => auth === 'basic' },
    { name: 'password', label: 'Password', secret: true, when: ({ auth }) => auth === 'basic' },
    { name: 'header', label: 'Name of the header', placeholder: 'x-api-key', when: ({ auth }) => auth === 'header' },
    { name: 'token', label: 'Token', secret: true, when: ({ auth }) => auth === 'bearer' || auth === 'header' },
  ],
  sftp: [
    ...server('sftp'),
    { name: 'hostFingerprint', label: "The server's key, as they told you", within: 'sftp', placeholder: 'SHA256:…' },
    { name: 'password', label: 'Password', secret: true },
    { name: 'privateKey', label: 'or private key', secret: true },
    ...inFolder,
  ],
  ftp: [...server('ftp'), { name: 'password', label: 'Password', secret: true }, ...inFolder],
  folder: inFolder,
  mail: [
    { name: 'from', label: 'From', placeholder: 'stock@supplier.com or @supplier.com' },
    { name: 'subject', label: 'Subject has', placeholder: 'stock list' },
    { name: 'pattern', label: 'Names of attachments', placeholder: '*.csv' },
  ],
  rest: [
    { name: 'path', label: "Path below the supplier's address", placeholder: '/v1/stock' },
    { name: 'list', label: 'Path of the records', placeholder: 'data.products' },
    { name: 'pageParam', label: 'Page parameter, when it has pages', placeholder: 'page' },
    { name: 'nextPath', label: 'or where a page names the next', placeholder: 'meta.next' },
    { name: 'token', label: 'Token, when it is another', secret: true },
  ],
};

/** Where the files come from; the first of them is looked at before anything is saved. */
export function SourceStep({ wizard, feed }: { wizard: Wizard; feed: FeedDetail }) {
  const { draft, change, look } = wizard;
  const fields = fieldsOf[draft.transport] ?? [];
  const problem = look.error instanceof Refused ? `${look.error.message} ${look.error.fix}` : (look.error?.message ?? '');
  return (
    <>
      <div className="feed-tabs" role="group" aria-label="How they send it">
        {transportChoices.map((transport) => (
          <button
            key={transport}
            type="button"
            className="feed-tab"
            aria-pressed={draft.transport === transport}
            onClick={() => change({ transport, settings: transport === feed.transport ? feed.source.settings : {}, secrets: {} })}
          >
            {transport === 'upload' ? 'Drop a file' : transportWord(transport)}
          </button>
        ))}
      </div>
      {fields.length > 0 ? (
        <div className="feed-fields">
          {fields
            .filter(({ when }) => when === undefined || when(draft.settings))
            .map((field) => (
              <SourceField
                key={field.name}
                field={field}
                wizard={wizard}
                keeps={feed.source.hasSecrets && draft.transport === feed.transport}
              />
            ))}
        </div>
      ) : null}
      <Drop wizard={wizard} sample={draft.transport !== 'upload'} />
      {problem && !wizard.preview ? <p className="tone-text-crit">{problem}</p> : null}
    </>
  );
}

function SourceField({ field, wizard, keeps }: { field: Field; wizard: Wizard; keeps: boolean }) {
  const { draft, change } = wizard;
  const { name, label, secret, within, choices, placeholder } = field;
  const holder = (within === undefined ? draft.settings : draft.settings[within]) as Readonly<Record<string, string | number>> | undefined;
  const value = secret ? (draft.secrets[name] ?? '') : String(holder?.[name] ?? '');
  const set = (next: string): void => {
    if (secret) return change({ secrets: { ...draft.secrets, [name]: next } });
    const settings =
      within === undefined ? { ...draft.settings, [name]: next } : { ...draft.settings, [within]: { ...holder, [name]: next } };
    return change({ settings });
  };
  return (
    <label className="field">
      <span>{label}</span>
      {choices ? (
        <select value={value || (choices[0]?.[0] ?? '')} onChange={(event) => set(event.target.value)}>
          {choices.map(([code, word]) => (
            <option key={code} value={code}>
              {word}
            </option>
          ))}
        </select>
      ) : (
        <input
          type={secret ? 'password' : 'text'}
          autoComplete="off"
          value={value}
          placeholder={secret && keeps ? 'kept sealed' : (placeholder ?? '')}
          onChange={(event) => set(event.target.value)}
        />
      )}
    </label>
  );
}

function Drop({ wizard, sample }: { wizard: Wizard; sample: boolean }) {
  const { look, preview } = wizard;
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined): void => {
    if (file) look.mutate(file);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  };
  return (
    <div className="feed-drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      {sample ? (
        <Button kind="primary" busy={look.isPending} onClick={() => look.mutate('source')}>
          Fetch and look
        </Button>
      ) : null}
      <input
        ref={input}
        type="file"
        className="hidden"
        aria-label="The file"
        tabIndex={-1}
        onChange={(event) => take(event.target.files?.[0])}
      />
      <Button kind={sample ? 'plain' : 'primary'} busy={look.isPending} onClick={() => input.current?.click()}>
        {preview ? 'Another file' : sample ? 'Or look at a sample file' : 'Choose a file'}
      </Button>
      <span className="dim">or drop one here: CSV, XLSX, XML, JSON, packed or not. Nothing is changed by looking.</span>
    </div>
  );
}
