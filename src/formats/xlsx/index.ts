/** A *workbook* (XLSX) has *sheets* of rows; what is read of a cell is what a person sees: a formula's last result, a date as a day. */
export { isWorkbook, readSheet } from './read.ts';
export { writeSheet } from './write.ts';
