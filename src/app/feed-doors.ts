import { folderFeed } from '#connectors/feeds/folder';
import { mailFeed } from '#connectors/feeds/mail';
import { apiPages, webFile } from '#connectors/feeds/web';
import { mostFeedBytes } from '#flows/feed-life';
import { Fault } from '#kernel/fault';
import { textOf } from '#kernel/text';
import type { FeedSource } from '#modules/catalog';
import type { Supplier } from '#modules/suppliers';
import { type Account, download } from '#platform/api';
import type { FeedDoor, GetFile } from '#ports/feed-door';
import { openSecrets, type Outside, secretField, type Shared, wireOf } from './wire.ts';

type Secrets = Readonly<Record<string, string>>;

/** The way to where a feed's files are fetched from, as its source and secrets say. */
export function feedDoor(source: FeedSource, supplier: Supplier | null, outside: Outside, shared: Shared, tenant: string): FeedDoor {
  const { sealer } = shared.options;
  const secrets = openSecrets(sealer, source.secrets, tenant, secretField('feed', source.supplier_id));
  const { settings, transport } = source;
  if (transport === 'http') return webFile(settings, getter(source, proofOf(settings, secrets), outside, shared, tenant));
  if (transport === 'rest') {
    const { token = '' } = supplier ? openSecrets(sealer, supplier.secrets, tenant, secretField('supplier', supplier.id)) : {};
    const baseUrl = textOf(settings['baseUrl'], textOf(supplier?.transport_settings['baseUrl']));
    return apiPages(settings, baseUrl, getter(source, { authorization: `Bearer ${secrets['token'] ?? token}` }, outside, shared, tenant));
  }
  if (transport === 'mail') return mailFeed(settings, outside.mailbox, supplier?.contact_email ?? '');
  if (transport === 'upload') throw new Fault('misconfigured', 'no-source', 'Its files are brought to us; there is nowhere to look.');
  return folderFeed(settings, outside.drop(textOf(settings['drop'], source.code), placed(transport, settings), secrets), mostFeedBytes);
}

/** The settings of a drop hold those of its server under the name of its protocol. */
const placed = (transport: string, settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  transport === 'folder' ? { ...settings, sftp: undefined, ftp: undefined } : { [transport]: settings[transport] ?? settings };

function proofOf(settings: Readonly<Record<string, unknown>>, secrets: Secrets): Record<string, string> {
  const { auth } = settings;
  if (auth === 'bearer') return { authorization: `Bearer ${secrets['token'] ?? ''}` };
  if (auth === 'basic')
    return { authorization: `Basic ${Buffer.from(`${textOf(settings['user'])}:${secrets['password'] ?? ''}`).toString('base64')}` };
  if (auth === 'header') return { [textOf(settings['header'], 'x-api-key')]: secrets['token'] ?? '' };
  return {};
}

function getter(source: FeedSource, headers: Record<string, string>, outside: Outside, shared: Shared, tenant: string): GetFile {
  const account: Account = { tenant, name: `feed:${source.code}`, baseUrl: '', headers, rate: { perSecond: 2, burst: 10 } };
  return (url, validators, take) => download(account, wireOf(outside, shared), { url, validators, mostBytes: mostFeedBytes }, take);
}
