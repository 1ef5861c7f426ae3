/** A push service does not take a request. */
export class Refusal extends Error {
	override readonly name = "Refusal";
	/** The HTTP status that the service answers with. */
	readonly status: number;

	/** @param reason the same for the same mistake, whenever it is made */
	constructor(status: number, reason: string) {
		super(reason);
		this.status = status;
	}
}
