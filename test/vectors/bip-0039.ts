/** BIP-39 English vectors of 128 bits (trezor/python-mnemonic, vectors.json): entropy and its words. */
export const BIP_0039: readonly { readonly entropy: string; readonly words: string }[] = [
  {
    entropy: '00000000000000000000000000000000',
    words: 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
  },
  {
    entropy: '7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f',
    words: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
  },
  {
    entropy: '80808080808080808080808080808080',
    words: 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
  },
  {
    entropy: 'ffffffffffffffffffffffffffffffff',
    words: 'zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong',
  },
  {
    entropy: '9e885d952ad362caeb4efe34a8e91bd2',
    words: 'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic',
  },
]
