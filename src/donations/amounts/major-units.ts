/** Writes an amount with its decimal point, without floating-point arithmetic: 1234 with 2 decimals is `12.34`. */
export function majorUnits(amount: number, exponent: number): string {
  const digits = String(amount).padStart(exponent + 1, '0');
  return exponent ? `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}` : digits;
}
