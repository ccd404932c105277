// The door of verify: a plan in, a receipt out.

export { type Receipt, type ReceiptDensity, receiptDocument, receiptSchema } from './receipt-document.js';
export { receiptText, shown } from './receipt-words.js';
export { keptRuns, type VerificationEntry, type VerificationRun, verificationRuns } from './verification-run.js';
export { verify } from './verify.js';
