import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { fileSettingsTrouble, profileUnusable, type Settled, sentence, settleFile } from '#connectors/suppliers/file';

const EmailSettings = Type.Object({
  address: Type.Optional(
    Type.String({
      pattern: '^[^\\s@<>"]+@[^\\s@<>"]+$',
      maxLength: 254,
      description: 'Where purchase orders go; their contact address unless said',
    }),
  ),
  answersFrom: Type.Optional(
    Type.Array(Type.String({ pattern: '^[^\\s@<>"]*@[^\\s@<>"]+$', maxLength: 254 }), {
      maxItems: 50,
      description: 'Other addresses they answer from; "@acme.example" for everybody there',
    }),
  ),
});
const shape = Compile(EmailSettings);

export interface EmailProfile {
  /** '' where the settings name none. */
  address: string;
  answersFrom: readonly string[];
  list: Settled;
}

/** What is wrong with the settings of a supplier by e-mail, in sentences. */
export function emailSettingsTrouble(settings: unknown): string[] {
  return [...(shape.Check(settings) ? [] : [...shape.Errors(settings)].slice(0, 10).map(sentence)), ...fileSettingsTrouble(settings)];
}

/** Throws `Unreadable` that says in sentences what is wrong with the profile. */
export function settleEmail(settings: unknown): EmailProfile {
  if (!shape.Check(settings)) throw profileUnusable(emailSettingsTrouble(settings));
  const { address = '', answersFrom = [] } = settings;
  return { address, answersFrom: answersFrom.map((one) => one.toLowerCase()), list: settleFile(settings) };
}

/** Whether a mail from this address is the supplier's own. */
export function isTheirs({ address, answersFrom }: EmailProfile, contact: string, from: string): boolean {
  const sender = from.trim().toLowerCase();
  if (sender === '') return false;
  return (
    sender === address.toLowerCase() ||
    sender === contact.toLowerCase() ||
    answersFrom.some((one) => (one.startsWith('@') ? sender.endsWith(one) : sender === one))
  );
}
