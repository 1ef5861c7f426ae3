/** What the simulated clients and components use of ltx beyond what the Node host does. */
declare module "ltx" {
	interface Element {
		/** Appends a child element and returns it. */
		c(name: string, attrs?: Record<string, string | undefined>): Element;
		getChildElements(): Element[];
		toString(): string;
	}

	/** Throws for what is not well-formed. */
	export function parse(xml: string): Element;
}
