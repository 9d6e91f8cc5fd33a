/**
 * What all doors of HTTP share: a *problem* is trouble that the caller can mend (RFC 9457); a *raw body* is the bytes as they came; an
 * *idempotency key* makes a repeated request the same request; *health* says whether we live and whether we can work.
 */
export { rawBodies } from './body.ts';
export { type Check, healthRoutes } from './health.ts';
export { answerProblems, asProblem, type ProblemBody, problemBody, problemType } from './problems.ts';
export { stopGracefully, type Stoppable } from './stop.ts';
export { answeredBefore, forgetAnswers, type KeptAnswer, keepAnswer, oneOfMany } from './store.ts';
