/**
 * Whether the whole text is a burgerservicenummer by the elfproef: 8 or 9 digits, weights 9 to 2 and -1, sum a
 * multiple of 11. Such a text may not serve as kenmerk.
 */
export function isBsn(text: string): boolean {
  if (!/^\d{8,9}$/.test(text)) return false;
  const digits = Array.from(text.padStart(9, '0'), Number);
  const sum = digits.reduce((total, digit, index) => total + digit * (index === 8 ? -1 : 9 - index), 0);
  return sum > 0 && sum % 11 === 0;
}
