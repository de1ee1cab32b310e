/** Common complaints: the short sentence that an attacker sends for each, and how customers say the same. */
export const COMPLAINTS: readonly (readonly [invented: string, ...honest: string[]])[] = [
  ['I cannot log in.', 'Login fails, it says that my password is wrong.', 'Since this morning I cannot sign in.'],
  ['The app crashes.', 'Your app closes itself as soon as I open it.', 'The app keeps crashing on my phone.'],
  ['I was charged twice.', 'You took the money from my card two times.', 'My invoice was charged twice this month.'],
  ['My parcel did not arrive.', 'Where is my parcel, it should be here by now.', 'The delivery has not arrived yet.'],
  ['The page does not load.', 'Your website stays white.', 'The page is loading for ever and nothing appears.'],
  ['I want my money back.', 'Please refund my last payment.', 'I would like to get a refund for this order.'],
  ['I get no mails from you.', 'The confirmation mail never came.', 'No mails of yours reach me.'],
  ['My card is refused.', 'The payment with my card fails.', 'My credit card is declined at the checkout.'],
  ['The export does not work.', 'Exporting my data ends with an error.', 'I cannot export the report.'],
];
