/**
 * Delimited text. A *profile* says how one partner writes it (encoding, delimiter, header row) and is never guessed while
 * reading; `detectCsv` makes the guess that a person confirms. A *record* is the header, a row, or a row that cannot be read,
 * each with the line it begins on.
 */
export { detectCsv, type CsvGuess, type CsvSettled } from './detect.ts';
export { csvLimits, readCsv, readCsvBatches, type CsvProfile, type CsvRecord, type CsvRowProblem } from './read.ts';
export { csvLine, guarded, writeCsv, type CsvCell, type CsvWriting } from './write.ts';
export { readFigure, type DecimalSign } from './figure.ts';
