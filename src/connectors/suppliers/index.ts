/**
 * The three ways in which suppliers are reached: *rest*, *file*, *email*. Each is a door (say, look up, fetch) and a pure reader of
 * what they left. Which one a supplier has, and how exactly it writes, is in its settings.
 */
import { Unreadable } from '#kernel/unreadable';
import type { SupplierSaid } from '#ports/supplier';
import { emailSettingsTrouble, readEmailAnswer } from '#connectors/suppliers/email';
import { fileSettingsTrouble, type Given, readFileAnswer } from '#connectors/suppliers/file';
import { readRestAnswer, restSettingsTrouble } from '#connectors/suppliers/rest';

export { type EmailDeps, emailSupplier, readEmailAnswer } from '#connectors/suppliers/email';
export { fileSupplier, readFileAnswer } from '#connectors/suppliers/file';
export { readRestAnswer, restSupplier } from '#connectors/suppliers/rest';

/**
 * What a document of a supplier's says; `settings` are its transport_settings, `currency` its own. Throws `Unreadable`, and nothing
 * else, for a document or settings that cannot be read.
 */
export async function readSupplierDocument(
  transport: string,
  settings: unknown,
  currency: string,
  document: Given,
): Promise<SupplierSaid[]> {
  if (transport === 'rest') return readRestAnswer(settings, document, currency);
  if (transport === 'file') return readFileAnswer(settings, document);
  if (transport === 'email') return readEmailAnswer(settings, document);
  throw new Unreadable('transport', `"${transport}" is no way in which suppliers are reached.`, {
    fix: "Choose rest, file or email in the supplier's settings.",
  });
}

/** What is wrong with a supplier's settings, in sentences; none when they can be used. */
export function supplierSettingsTrouble(transport: string, settings: unknown): string[] {
  if (transport === 'rest') return restSettingsTrouble(settings);
  if (transport === 'file') return fileSettingsTrouble(settings);
  if (transport === 'email') return emailSettingsTrouble(settings);
  return [`"${transport}" is no way in which suppliers are reached; choose rest, file or email.`];
}
