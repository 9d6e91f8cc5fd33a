import { describe, expect, it } from 'vitest';
import { editsIn, type SheetRow, withCell, withPasted } from './words.ts';

const row = (sku: string, title: string): SheetRow => ({
  sku,
  cells: { title, brand: '', category: '' } as SheetRow['cells'],
  locked: [],
  problems: [],
});
const rows = [row('A', 'Lamp'), row('B', 'Vase')];

describe('a sheet', () => {
  it('knows what was changed, and that what is as before is no change', () => {
    const [first] = rows;
    if (!first) throw new Error('there is a row');
    const changed = withCell({}, first, 'title', 'Desk lamp');
    expect(changed).toEqual({ A: { title: 'Desk lamp' } });
    expect(withCell(changed, first, 'title', 'Lamp')).toEqual({});
  });

  it('takes a block from a spreadsheet, as far as there are rows and columns', () => {
    expect(withPasted({}, rows, { row: 0, field: 'title' }, 'One\tNova\r\nTwo\tRio\r\nThree\tx\r\n')).toEqual({
      A: { title: 'One', brand: 'Nova' },
      B: { title: 'Two', brand: 'Rio' },
    });
    expect(withPasted({}, rows, { row: 1, field: 'msrp' }, '5\t6')).toEqual({ B: { msrp: '5' } });
  });

  it('takes a file by its names, and says what it cannot be', () => {
    expect(
      editsIn([
        ['SKU', 'Title', ''],
        ["'=A", "'-x", 'left'],
      ]),
    ).toEqual([{ sku: '=A', fields: { title: '-x' } }]);
    expect(editsIn([['title']])).toMatch(/needs a column sku/);
    expect(editsIn([['sku', 'colour']])).toMatch(/not known: colour/);
  });
});
