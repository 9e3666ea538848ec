package shrink

import (
	"runtime"

	"pgregory.net/rapid"
)

// recorder is a rapid.TB on which a failed check is no failed test; of the methods, rapid calls these.
type recorder struct{ rapid.TB }

func (recorder) Helper()               {}
func (recorder) Name() string          { return "shrink" }
func (recorder) Logf(string, ...any)   {}
func (recorder) Log(...any)            {}
func (recorder) SkipNow()              { runtime.Goexit() }
func (recorder) Errorf(string, ...any) {}
func (recorder) Fatalf(string, ...any) { runtime.Goexit() }
func (recorder) FailNow()              { runtime.Goexit() }
func (recorder) Failed() bool          { return false }
