import { useState } from 'react';

/** The last value there was: what is on screen stays until what comes next is here. */
export function useLast<Value>(value: Value | null): Value | null {
  const [last, setLast] = useState(value);
  if (value !== null && value !== last) setLast(value);
  return value ?? last;
}
