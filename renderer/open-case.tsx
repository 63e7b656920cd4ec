import { createContext, useContext } from 'react';
import type { OpenCase } from '../shared/contract/cases.ts';

/** The case on screen and what changes it. */
export interface CaseContextValue {
  readonly openCase: OpenCase;
  readonly replace: (next: OpenCase | null) => void;
}

export const CaseContext = createContext<CaseContextValue | null>(null);

export function useCaseContext(): CaseContextValue {
  const value = useContext(CaseContext);
  if (value === null) throw new Error('a case screen without a case');
  return value;
}

export function useCase(): OpenCase {
  return useCaseContext().openCase;
}

/** False while another process writes: then the page offers nothing that changes the case. */
export function useCanWrite(): boolean {
  return useCase().mode === 'writer';
}
