/**
 * What all doors of HTTP share: a *problem* is an error that the caller can mend (RFC 9457); an *idempotency key* makes a repeated
 * request the same request.
 */
export { answerWithProblems, bodyOf, type ProblemBody, sendProblem } from './problem.ts';
export { answeredBefore, forgetAnswers, type KeptAnswer, keepAnswer, oneOfMany } from './store.ts';
