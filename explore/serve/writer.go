package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"contrastcheck/explore"
)

// writer writes an answer, or lines that it ends. A client that does not read is given up.
type writer struct {
	w       http.ResponseWriter
	control *http.ResponseController
	lines   bool // pieces have been written
}

// piece writes a line.
func (x *writer) piece(line []byte) error {
	if !x.lines {
		x.w.Header().Set("Content-Type", "application/x-ndjson")
		x.lines = true
	}
	_ = x.control.SetWriteDeadline(time.Now().Add(writeWithin))
	if _, err := x.w.Write(line); err != nil {
		return err
	}
	return x.control.Flush()
}

// end writes the answer, or why there is none.
func (x *writer) end(r result) {
	_ = x.control.SetWriteDeadline(time.Now().Add(writeWithin))
	code := http.StatusBadRequest
	var refusal *explore.Refusal
	switch {
	case r.err == nil:
		if !x.lines {
			x.w.Header().Set("Content-Type", "application/json")
		}
		_, _ = x.w.Write(r.text)
		return
	case errors.Is(r.err, context.DeadlineExceeded):
		r.err, code = errors.New("expected an answer within the time that this page waits; the command line waits longer"), http.StatusServiceUnavailable
	case !errors.As(r.err, &refusal):
		code = http.StatusServiceUnavailable // cancelled: nobody reads this
	}
	if !x.lines {
		fail(x.w, code, r.err)
		return
	}
	if line, err := json.Marshal(map[string]string{"error": r.err.Error()}); err == nil {
		_, _ = fmt.Fprintf(x.w, "%s\n", line)
	}
}

// fail answers with one sentence.
func fail(w http.ResponseWriter, code int, err error) { http.Error(w, err.Error(), code) }
