import { hoursBetween } from '#kernel/time';
import type { MessageSender, OutgoingMail } from '#ports/message-sender';
import type { Message, Sent } from './words.ts';

/** Hours after which a message would only confuse. What happened stays true longer than what is about to happen. */
const usefulHours: Readonly<Record<string, number>> = {
  'parcel.out_for_delivery': 10,
  'parcel.attempt_failed': 48,
  'parcel.ready_for_pickup': 96,
  'purchase.reminder': 24,
};
const usefulOtherwise = 72;

/** The mail as an object. `fallbackFrom` is the installation's own address, for tenants that have none. */
export function mailOf(message: Message, key: string, fallbackFrom: string): OutgoingMail {
  const { brand } = message;
  return {
    key,
    from: { name: oneLine(brand.name), address: brand.senderEmail || fallbackFrom },
    to: { address: message.address },
    ...(brand.supportEmail ? { replyTo: brand.supportEmail } : {}),
    subject: message.subject,
    text: message.body_text,
    ...(message.body_html ? { html: message.body_html } : {}),
    attachments: [],
  };
}

/** Says it, unless it waited so long that it would confuse. Throws the sender's `Fault`. */
export async function sendMail(sender: MessageSender, message: Message, key: string, fallbackFrom: string): Promise<Sent> {
  const useful = usefulHours[message.meaning.split(':')[0] ?? ''] ?? usefulOtherwise;
  const waited = hoursBetween(message.created_at, message.loaded_at);
  if (waited > useful) {
    return {
      outcome: 'too_late',
      reference: '',
      why: `It waited ${Math.floor(waited)} hours, and would only have confused after ${useful}.`,
    };
  }
  const { reference } = await sender.send(mailOf(message, key, fallbackFrom));
  return { outcome: 'sent', reference, why: '' };
}

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
