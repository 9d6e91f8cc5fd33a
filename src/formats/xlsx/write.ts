/** Rows beyond this fill no sheet that a person would open. */
const mostRows = 200_000;

/**
 * A workbook of one sheet whose cells are all text, so that codes keep their zeros and nothing is run as a formula. Held in memory while it
 * is made; throws `RangeError` beyond 200,000 rows.
 */
export async function writeSheet(title: string, rows: Iterable<readonly string[]>): Promise<Uint8Array> {
  // Loaded when the first workbook is written: it takes memory that many an installation never needs.
  const { Workbook } = await import('@cj-tech-master/excelts');
  const book = new Workbook();
  const sheet = book.addWorksheet(title.slice(0, 31));
  let count = 0;
  for (const row of rows) {
    count += 1;
    if (count > mostRows) throw new RangeError(`A sheet takes ${mostRows} rows at most; write CSV instead.`);
    sheet.addRow([...row]);
  }
  return new Uint8Array(await book.xlsx.writeBuffer());
}
