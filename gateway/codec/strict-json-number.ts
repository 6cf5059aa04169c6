/**
 * The double of a JSON number, or undefined if it doesn't hold it: infinite, an integer beyond 2^53 - 1, or more digits
 * than come out again. RFC 8259 section 6: only such numbers mean the same to every reader.
 */
export function readJsonNumber(literal: string): number | undefined {
  const value = Number(literal);
  const hasExponent = /e/i.test(literal);
  if (!hasExponent && literal.length <= SURELY_EXACT_LENGTH) return value;
  if (!hasExponent && Number.isInteger(value) && !Number.isSafeInteger(value)) return undefined;
  return toDecimal(literal) === toDecimal(String(value)) ? value : undefined;
}

/** `<digits>e<exponent>` without sign and without zeros at either end, so that equal numbers give equal texts. */
function toDecimal(literal: string): string {
  const end = literal.search(/e|$/i);
  const mantissa = literal.slice(0, end);
  const exponent = Number(literal.slice(end + 1));
  const point = mantissa.indexOf('.');
  const fractionDigits = point < 0 ? 0 : mantissa.length - point - 1;
  const significant = mantissa.replace(/[-.]/g, '').replace(/^0+/, '');
  const digits = significant.replace(/0+$/, '');
  if (digits === '') return '0';
  return `${digits}e${String(exponent - fractionDigits + significant.length - digits.length)}`;
}

// A double holds any 15 significant decimal digits.
const SURELY_EXACT_LENGTH = 15;
