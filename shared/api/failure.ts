import type { ApiError } from './contract.ts';

/** A refusal that may be told to the user word for word; it crosses channels as an ApiError value. */
export class ApiFailure extends Error {
  readonly code: ApiError['code'];
  constructor(code: ApiError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
