/**
 * A *message* is one meaning about one subject for one address, and it is claimed in the database before anything is sent: it is
 * said at most once. A *wish* asks for one; it is written as it will be sent, or *suppressed* with the reason. What became of a mail
 * that the server took without answering is never asked again: it counts as said (`Sent` says why).
 */
export { decideRefused, decideSent, doubtful, misconfigured, whatBecameOf } from './decide.ts';
export { type MessageContext, messagesFor, type Said } from './messages-for.ts';
export { message, recordSent, sayAgain, want } from './store.ts';
export { mailOf, sendMail } from './send.ts';
export { meanings, type Meaning, type Message, type MessageData, type Sent, type Voice, type Wish, type WishedMessage } from './words.ts';
