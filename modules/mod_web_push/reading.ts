/** What was read, or why it is refused: for who writes the client; it repeats nothing of what the client sent. */
export type Reading<Value> = { value: Value; refusal?: undefined } | { value?: undefined; refusal: string };
