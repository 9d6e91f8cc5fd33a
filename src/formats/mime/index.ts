/** A mail as bytes, taken apart: who wrote it, what it says, and its *attachments*. What is in it is the sender's word. */
export { type MailAddress, type ReadMail, readMail } from './read.ts';
