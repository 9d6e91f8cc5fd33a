import { describe, expect, test } from 'vitest';
import type { DueVisit } from './shops.ts';
import { fillIn } from './visits.ts';

const visit = (intent: DueVisit['intent'], data: Record<string, string>): DueVisit => ({
  id: 'v',
  supplier: 'VERDANT',
  purchase: 'PO-1',
  intent,
  at: 0,
  url: 'https://us.test/s/a',
  tries: 0,
  data,
});

const page = `
  <form method="post" action="/s/a/confirm"><input type=hidden name=form value=1><button>Confirm everything</button></form>
  <form method="post" action="/s/a/answer">
    <select name="response_1"><option value="accepted" selected>We have it<option value="short">Fewer<option value="rejected">No</select>
    <input name="quantity_1" type="number" value="4">
    <input name="quantity_2" type="number" value="1"> <textarea name="reason"></textarea>
    <label><input type="radio" name="answer_2" value="accepted" checked>yes</label><label><input type="radio" name="answer_2" value="rejected">no</label>
    <button name="do" value="send">Send the answer</button>
  </form>
  <form method="post" action="/s/a/reject"><input name="reason"><button>We cannot ship this</button></form>
  <form method="post" action="/s/a/parcel"><input name="carrier"><input name="tracking"><input name="units_1" value="0"><input name="units_2" value="0"><button>Add parcel</button></form>`;
const short = {
  'quantity/1/A-1': '3',
  'response/1/A-1': 'short',
  'quantity/2/B-2': '0',
  'response/2/B-2': 'rejected',
  reason: 'not enough on hand',
};

describe('a person with a page of several forms', () => {
  test('confirms with the one button', () => {
    expect(fillIn(visit('confirm', {}), page)).toEqual({ action: '/s/a/confirm', form: { form: '1' } });
  });

  test('says line by line what is short', () => {
    expect(fillIn(visit('short', short), page)).toEqual({
      action: '/s/a/answer',
      form: { response_1: 'short', quantity_1: '3', quantity_2: '0', reason: 'not enough on hand', answer_2: 'rejected', do: 'send' },
    });
  });

  test('rejects with a reason', () => {
    expect(fillIn(visit('reject', { reason: 'discontinued' }), page)).toEqual({ action: '/s/a/reject', form: { reason: 'discontinued' } });
  });

  test('adds the parcel with its contents', () => {
    const data = { carrier: 'dhl', tracking: '00340', 'quantity/1/A-1': '3' };
    expect(fillIn(visit('ship', data), page)).toEqual({
      action: '/s/a/parcel',
      form: { carrier: 'dhl', tracking: '00340', units_1: '3', units_2: '0' },
    });
  });

  test('finds nothing to do on a page without a form', () => {
    expect(fillIn(visit('confirm', {}), '<p>This order was cancelled.</p>')).toBeNull();
  });
});
