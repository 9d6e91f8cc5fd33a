/** A *mail* goes out under a key that becomes its Message-ID; what *arrives* is kept whole and read later, with limits. */
export { type ImapOptions, imapMailbox } from './imap.ts';
export { type MailAddress, type ReadMail, readMail } from '#formats/mime';
export { messageIdOf, type SmtpOptions, smtpSender } from './smtp.ts';
