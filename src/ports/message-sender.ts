/** An e-mail as an object: recipients and headers are never built from strings. */
export interface OutgoingMail {
  /** Stable for one message, whatever the number of tries; becomes the Message-ID. */
  key: string;
  from: { name: string; address: string };
  to: { name?: string; address: string };
  replyTo?: string;
  subject: string;
  text: string;
  html?: string;
  attachments: { name: string; type: string; bytes: Uint8Array }[];
}

export interface MessageSender {
  /** Throws a `Fault`: `transient` before the far side had the whole message, `unknown` when it had it and did not answer. */
  send(mail: OutgoingMail): Promise<{ reference: string }>;
}

/** A mail that arrived, still whole: the bytes are kept, the reading comes later. */
export interface ArrivedMail {
  /** The mailbox's own identity of it (UID validity and UID), so that none is taken twice. */
  uid: string;
  bytes: Uint8Array;
}

export interface Mailbox {
  /** The oldest mails not taken yet, at most `limit`. */
  waiting(limit: number): Promise<ArrivedMail[]>;
  /** Marks mails as taken. Taking one again does nothing. */
  taken(uids: readonly string[]): Promise<void>;
}
