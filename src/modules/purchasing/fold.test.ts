import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, instant } from '#kernel/time';
import { type LineAnswer, lineResponses } from '#ports/supplier';
import { awaitsAnswer, foldAnswer, fulfilmentOf, type LineState, responseOf } from './fold.ts';

const begin = instant('2026-11-20T09:00:00Z');
const at = (minutes: number) => after(begin, { minutes });

const line = (more: Partial<LineState> = {}): LineState => ({
  quantity: 10,
  response: null,
  accepted: 0,
  refused: 0,
  shipped: 0,
  expected_at: null,
  reason: '',
  answered_at: null,
  ...more,
});

interface Told {
  answer: LineAnswer;
  minutes: number;
}
const foldAll = (start: LineState, told: readonly Told[]): LineState =>
  told.reduce((known, { answer, minutes }) => foldAnswer(known, answer, at(minutes)).line, start);

const answers: fc.Arbitrary<Told> = fc.record({
  minutes: fc.integer({ min: 0, max: 4 }),
  answer: fc.record(
    {
      response: fc.constantFrom(...lineResponses),
      quantity: fc.integer({ min: 0, max: 12 }),
      expectedAt: fc.integer({ min: 1, max: 3 }).map((days) => after(begin, { days })),
      reason: fc.constantFrom('out of stock', 'discontinued'),
    },
    { requiredKeys: ['response'] },
  ),
});
const starts = fc.integer({ min: 0, max: 10 }).map((shipped) => line({ shipped, accepted: shipped }));
const shuffled = fc
  .tuple(starts, fc.array(answers, { maxLength: 6 }))
  .chain(([start, told]) =>
    fc.record({ start: fc.constant(start), told: fc.constant(told), other: fc.shuffledSubarray(told, { minLength: told.length }) }),
  );

const plain = (state: LineState) => ({ ...state, expected_at: state.expected_at?.toString(), answered_at: state.answered_at?.toString() });

describe('what answers make of a line', () => {
  it('does not depend on the order in which they come', () => {
    fc.assert(
      fc.property(shuffled, ({ start, told, other }) => {
        expect(plain(foldAll(start, other))).toEqual(plain(foldAll(start, told)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not change by hearing any of them again', () => {
    fc.assert(
      fc.property(starts, fc.array(answers, { minLength: 1, maxLength: 6 }), fc.nat(), (start, told, which) => {
        const once = foldAll(start, told);
        const { answer, minutes } = told[which % told.length] as Told;
        const again = foldAnswer(once, answer, at(minutes));
        expect(plain(again.line)).toEqual(plain(once));
        expect(again).toMatchObject({ changed: false, news: false, newlyRefused: 0, contradicted: 0, refusedTooLate: 0 });
      }),
      { numRuns: 2_000 },
    );
  });

  it('never gives back what was refused, and never promises, refuses or ships more than was ordered', () => {
    fc.assert(
      fc.property(starts, fc.array(answers, { maxLength: 6 }), (start, told) => {
        let known = start;
        for (const { answer, minutes } of told) {
          const folded = foldAnswer(known, answer, at(minutes));
          expect(folded.line.refused - known.refused).toBe(folded.newlyRefused);
          expect(folded.newlyRefused).toBeGreaterThanOrEqual(0);
          expect(folded.line.accepted + folded.line.refused).toBeLessThanOrEqual(known.quantity);
          expect(folded.line.accepted).toBeGreaterThanOrEqual(known.shipped);
          expect(folded.line.shipped + folded.line.refused).toBeLessThanOrEqual(known.quantity);
          known = folded.line;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<[says: string, answer: LineAnswer, comes: Partial<LineState>]>([
    ['all of it', { response: 'accepted' }, { response: 'accepted', accepted: 10, refused: 0 }],
    ['all but four', { response: 'short', quantity: 6 }, { response: 'short', accepted: 6, refused: 4 }],
    ['some of it, by the word for all', { response: 'accepted', quantity: 6 }, { response: 'short', accepted: 6, refused: 4 }],
    [
      'nothing',
      { response: 'rejected', reason: 'out of stock' },
      { response: 'rejected', accepted: 0, refused: 10, reason: 'out of stock' },
    ],
    [
      'later',
      { response: 'backordered', quantity: 10, expectedAt: at(9) },
      { response: 'backordered', accepted: 0, refused: 0, expected_at: at(9) },
    ],
    ['another article', { response: 'substituted' }, { response: 'substituted', accepted: 0, refused: 0 }],
    ['another price', { response: 'repriced', unitCostMinor: 9n }, { response: 'repriced', accepted: 0, refused: 0 }],
  ])('says %s', (_says, answer, comes) => {
    expect(foldAnswer(line(), answer, at(1))).toMatchObject({ line: comes, news: true, newlyRefused: comes.refused, contradicted: 0 });
  });

  it('tells of units that were refused and are promised afterwards, once', () => {
    const refused = foldAnswer(line(), { response: 'short', quantity: 6 }, at(1)).line;
    const late = foldAnswer(refused, { response: 'accepted' }, at(2));
    expect(late).toMatchObject({ contradicted: 4, line: { accepted: 6, refused: 4 } });
    expect(foldAnswer(late.line, { response: 'accepted' }, at(2)).contradicted).toBe(0);
  });

  it('tells the same when the refusal is read last', () => {
    const promised = foldAnswer(line(), { response: 'accepted' }, at(2)).line;
    expect(foldAnswer(promised, { response: 'short', quantity: 6 }, at(1))).toMatchObject({
      newlyRefused: 4,
      contradicted: 4,
      line: { accepted: 6, refused: 4 },
    });
  });

  it('takes a supplier who promises less than before at their word, without a contradiction', () => {
    const promised = foldAnswer(line(), { response: 'accepted' }, at(1)).line;
    expect(foldAnswer(promised, { response: 'short', quantity: 6 }, at(2))).toMatchObject({ newlyRefused: 4, contradicted: 0 });
  });

  it('does not let go what is on its way', () => {
    const shipped = line({ accepted: 7, shipped: 7, response: 'accepted' });
    expect(foldAnswer(shipped, { response: 'rejected' }, at(1))).toMatchObject({
      newlyRefused: 3,
      refusedTooLate: 7,
      line: { accepted: 7, refused: 3, response: 'short' },
    });
  });
});

describe('a purchase order as a whole', () => {
  it.each<[response: string, lines: Partial<LineState>[]]>([
    ['awaited', [{}, { response: 'accepted', accepted: 10 }]],
    ['accepted', [{ response: 'accepted', accepted: 10 }]],
    [
      'short',
      [
        { response: 'accepted', accepted: 10 },
        { response: 'rejected', refused: 10 },
      ],
    ],
    ['backordered', [{ response: 'short', accepted: 4, refused: 6 }, { response: 'backordered' }]],
    ['changed', [{ response: 'backordered' }, { response: 'repriced' }]],
    ['rejected', [{ response: 'rejected', refused: 10 }]],
  ])('is %s', (response, lines) => {
    expect(responseOf(lines.map(line))).toBe(response);
  });

  it('waits for an answer while any line that is still wanted has none', () => {
    expect(awaitsAnswer([line({ response: 'short', accepted: 4, refused: 6 }), line()])).toBe(true);
    expect(awaitsAnswer([line({ response: 'backordered' }), line({ refused: 10 })])).toBe(false);
  });

  it('is shipped when everything that was not refused is on its way', () => {
    expect(fulfilmentOf([line(), line({ shipped: 3 })])).toBe('part_shipped');
    expect(fulfilmentOf([line({ shipped: 4, refused: 6 }), line({ refused: 10 })])).toBe('shipped');
    expect(fulfilmentOf([line({ refused: 10 })])).toBe('none');
  });
});
