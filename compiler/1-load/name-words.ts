/** What a name is (NAME of the contract), to end the sentence "`x` must be". */
export const NAME_WORDS = 'a name of letters, digits, dots, dashes and underscores';
