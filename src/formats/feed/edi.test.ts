import { describe, expect, it } from 'vitest';
import { oneChunk } from '#formats/text';
import { openFeed } from './index.ts';

async function read(text: string) {
  const { guess, batches } = await openFeed(oneChunk(Buffer.from(text)), { name: 'stock.edi', observedCurrency: 'EUR' });
  return { guess, rows: (await Array.fromAsync(batches)).flatMap(({ rows }) => rows) };
}
const isa = 'ISA*00*          *00*          *ZZ*MAKER          *ZZ*SHOP           *261120*1200*U*00401*000000001*0*T*>~';

describe('messages of stock and prices', () => {
  it('846 and 832 give offers by their qualifiers; other messages of the interchange are passed over', async () => {
    const stock =
      'ST*846*1~BIA*00*DD*1*20261120~CUR*SE*EUR~LIN*1*VP*A-1*UP*036000291452~PID*F****Reading lamp~CTP**CON*19.90~QTY*33*7*EA~QTY*17*9*EA~LIN*2*SK*B-2~QTY*17*5~QTY*17*4~CTT*2~SE*10*1~';
    const order = 'ST*850*2~LIN*1*VP*NOT-THIS~SE*2*2~';
    const { guess, rows } = await read(`${isa}GS*IB*A*B*20261120*1200*1*X*004010~${stock}${order}GE*2*1~IEA*1*000000001~`);
    expect(guess.format).toBe('edi');
    expect(rows.map(({ supplierSku, title, gtin, costMinor, quantity }) => [supplierSku, title, gtin, costMinor, quantity])).toEqual([
      ['A-1', 'Reading lamp', '00036000291452', 1990n, 7],
      ['B-2', null, null, null, 9],
    ]);
  });

  it('INVRPT and PRICAT do so too, and what lies in several places is added up', async () => {
    const head = "UNB+UNOA:3+A:14+B:14+261120:1200+1'UNH+1+INVRPT:D:01B:UN:EAN007'";
    const lines = "LIN+1++4006381333931:SRV'PIA+1+X-9:SA'IMD+F++:::Vase'QTY+145:5'QTY+145:6'PRI+AAA:4.50'UNT+9+1'UNZ+1+1'";
    const { rows } = await read(`${head}CUX+2:EUR:9'${lines}`);
    expect(rows).toMatchObject([
      { supplierSku: 'X-9', gtin: '04006381333931', title: 'Vase', quantity: 11, costMinor: 450n, currency: 'EUR' },
    ]);
  });
});
