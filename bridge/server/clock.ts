import type { Clock } from "../api";

interface Appointment {
	due: number;
	callback: () => void;
	cancelled: boolean;
}

/**
 * A virtual clock: time stands still until `advance`, and the same calls give the same order in every run.
 *
 * @param start seconds since the epoch
 */
export function createClock(start: number): Clock {
	if (!Number.isFinite(start)) throw new Error(`A clock starts at a number of seconds, not at ${start}`);
	/** By time due, those of equal times in the order scheduled. */
	const appointments: Appointment[] = [];
	let now = start;
	let advancing = false;

	function insert(appointment: Appointment): void {
		let low = 0;
		let high = appointments.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (appointments[middle]!.due <= appointment.due) low = middle + 1;
			else high = middle;
		}
		appointments.splice(low, 0, appointment);
	}

	/** The next that nobody took back; those taken back are dropped on the way. */
	function next(): Appointment | undefined {
		while (appointments[0]?.cancelled) appointments.shift();
		return appointments[0];
	}

	return {
		now: () => now,
		schedule(delay, callback) {
			if (Number.isNaN(delay)) throw new Error("A delay must be a number of seconds");
			const appointment = { due: now + Math.max(0, delay), callback, cancelled: false };
			insert(appointment);
			return () => {
				appointment.cancelled = true;
			};
		},
		advance(seconds) {
			if (!(seconds >= 0) || seconds === Infinity) {
				throw new Error(`The clock moves on by a number of seconds, not by ${seconds}`);
			}
			if (advancing) throw new Error("The clock is being moved on already");
			const target = now + seconds;
			advancing = true;
			try {
				for (let due = next(); due && due.due <= target; due = next()) {
					appointments.shift();
					now = Math.max(now, due.due);
					due.callback();
				}
				now = target;
			} finally {
				advancing = false;
			}
		},
		next_due() {
			const due = next();
			return due ? due.due - now : Infinity;
		},
	};
}
