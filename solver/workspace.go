package solver

// Workspace is memory that solves use again: with one, a Newton step allocates
// nothing from the second of its size on, on one core. The zero value is ready. It holds no
// result, and results do not depend on it; it must not be shared by solves that
// run at the same time.
type Workspace struct {
	here, there *storage // of the present point and of a trial
	hessian     hessian
	scratch     arena
}

// prepare makes the zero value usable.
func (ws *Workspace) prepare() {
	if ws.here == nil {
		ws.here, ws.there = new(storage), new(storage)
	}
}

// swap makes the last trial the present point.
func (ws *Workspace) swap() { ws.here, ws.there = ws.there, ws.here }
