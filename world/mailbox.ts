import { Fault } from '#kernel/fault';
import type { ArrivedMail, Mailbox, MessageSender, OutgoingMail } from '#ports/message-sender';
import type { Character } from './characters.ts';
import type { Realm } from './realm.ts';
import { contactOf, mailReceived } from './supplier-email.ts';
import type { FaultName } from './weather.ts';

/** The mail server: it takes mail for suppliers and shoppers, and keeps what comes for us. */
export function mailSender(realm: Realm): MessageSender {
  const byContact = new Map(realm.suppliers.map((supplier) => [contactOf(supplier).toLowerCase(), supplier]));
  return {
    send: async (mail) => {
      const to = mail.to.address.toLowerCase();
      const name = `${mail.to.address} ${mail.subject}`;
      const wrong = (fault: FaultName): boolean => realm.goesWrong(fault, name, realm.now(), realm.nth(`${fault} ${name}`));
      if (wrong('mail_refused')) {
        realm.say('mail', 'mail_refused');
        throw new Fault('transient', 'smtp-451', 'the mail server answered 451 4.7.1: try again later');
      }
      if (!/^[^\s@<>"]+@[^\s@<>"]+\.[a-z]+$/.test(to))
        throw new Fault('refused', 'smtp-550', 'the mail server answered 550 5.1.1: no such mailbox');
      const lost = wrong('mail_lost');
      take(realm, mail, byContact.get(to), lost);
      if (lost) throw new Fault('unknown', 'smtp-no-answer', 'the connection broke after the whole message was sent');
      return { reference: `250 queued as ${realm.memory.mails.length}` };
    },
  };
}

function take(realm: Realm, mail: OutgoingMail, supplier: Character | undefined, answerLost: boolean): void {
  const to = mail.to.address.toLowerCase();
  const audience = supplier !== undefined ? 'supplier' : to.endsWith('.test') ? 'shopper' : 'other';
  realm.memory.mails.push({ key: mail.key, to, subject: mail.subject, at: realm.now(), answerLost, audience });
  realm.say('mail', `takes for ${to}: ${mail.subject}${answerLost ? ' (answer lost)' : ''}`);
  if (supplier !== undefined) mailReceived(realm, supplier, mail);
}

export function ourMailbox(realm: Realm): Mailbox {
  const refuse = (what: string): void => {
    if (realm.goesWrong('mail_refused', what, realm.now(), realm.nth(what)))
      throw new Fault('transient', 'imap-unavailable', 'the mail server does not answer');
  };
  return {
    waiting: async (limit) => {
      refuse('waiting');
      const waiting: ArrivedMail[] = [];
      for (const { uid, at, bytes, taken } of realm.state.post) {
        if (waiting.length >= limit) break;
        if (!taken && at <= realm.now()) waiting.push({ uid, bytes: new Uint8Array(Buffer.from(bytes, 'base64')) });
      }
      return waiting;
    },
    taken: async (uids) => {
      refuse('taken');
      const done = new Set(uids);
      for (const letter of realm.state.post) if (done.has(letter.uid)) letter.taken = true;
      // The oldest of those that were taken are no longer kept.
      const keep = realm.state.post.findIndex((letter) => !letter.taken);
      if (keep > 500) realm.state.post.splice(0, keep);
    },
  };
}
