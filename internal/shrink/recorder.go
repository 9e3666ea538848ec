package shrink

import "runtime"

// recorder is a rapid.TB on which a failed check is no failed test.
type recorder struct{}

func (recorder) Helper()               {}
func (recorder) Name() string          { return "shrink" }
func (recorder) Logf(string, ...any)   {}
func (recorder) Log(...any)            {}
func (recorder) Skipf(string, ...any)  {}
func (recorder) Skip(...any)           {}
func (recorder) SkipNow()              { runtime.Goexit() }
func (recorder) Errorf(string, ...any) {}
func (recorder) Error(...any)          {}
func (recorder) Fatalf(string, ...any) { runtime.Goexit() }
func (recorder) Fatal(...any)          { runtime.Goexit() }
func (recorder) FailNow()              { runtime.Goexit() }
func (recorder) Fail()                 {}
func (recorder) Failed() bool          { return false }
