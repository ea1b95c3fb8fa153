/** A document that cannot be compared; whoever has read it names the file. */
export class Unreadable extends Error {
  override name = "Unreadable";
  readonly expected: string;
  readonly next: string;

  /** @param happened reads on after "expected …, but" */
  constructor(expected: string, happened: string, next: string) {
    super(happened);
    this.expected = expected;
    this.next = next;
  }
}
