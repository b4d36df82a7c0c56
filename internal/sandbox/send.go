package sandbox

import (
	"bytes"
	"encoding/xml"
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

// send gives the answer to the client, in the way the fault wants it.
func (s *Server) send(w http.ResponseWriter, r *http.Request, x *exchange, answer *wire.Answer) {
	switch {
	case x.fault.send == reset:
		abort(w)
	case x.fault.send == hanging || answer == nil:
		s.wait(r.Context())
		abort(w)
	case x.fault.send == dripping:
		s.drip(w, r, answer, x.fault.pause)
	case x.fault.send == truncated:
		truncate(w, answer)
	default:
		writeHead(w, answer)
		_, _ = w.Write(answer.Body) // the client may be gone
	}
}

// writeHead writes status and headers. HEAD answers of raw services bring
// their own length.
func writeHead(w http.ResponseWriter, answer *wire.Answer) {
	maps.Copy(w.Header(), answer.Header)
	if w.Header().Get("Content-Length") == "" && answer.Status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(answer.Body)))
	}
	w.WriteHeader(answer.Status)
}

// abort breaks the connection: with a TCP reset where the server allows it.
func abort(w http.ResponseWriter) {
	if hijacker, ok := w.(http.Hijacker); ok {
		if conn, _, err := hijacker.Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // no lingering data: close sends RST
			}
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}

// drip writes one byte every pause. The first waits too: a client that gets an
// answer while it is still finishing its request may drop the connection.
func (s *Server) drip(w http.ResponseWriter, r *http.Request, answer *wire.Answer, pause time.Duration) {
	writeHead(w, answer)
	flush := http.NewResponseController(w)
	for i := range answer.Body {
		select {
		case <-time.After(pause):
		case <-r.Context().Done():
			return
		case <-s.closing:
			return
		}
		if _, err := w.Write(answer.Body[i : i+1]); err != nil {
			return
		}
		_ = flush.Flush() // the client may be gone; the next Write tells
	}
}

// truncate promises the whole body and sends half of it.
func truncate(w http.ResponseWriter, answer *wire.Answer) {
	writeHead(w, answer)
	_, _ = w.Write(answer.Body[:len(answer.Body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// skewed answers by a clock that is off: an error while the request is signed
// by another clock, the call itself once the client has caught up.
func (s *Server) skewed(x *exchange) (*wire.Answer, bool) {
	clock := time.Now().Add(x.fault.skew)
	signed, err := time.Parse("20060102T150405Z", x.request.Header.Get("X-Amz-Date"))
	if err == nil && clock.Sub(signed).Abs() < 5*time.Minute {
		return nil, false
	}
	svc := x.route.Service
	answer := s.refuse(x, &wire.Error{
		Code:      codeFor(svc, "InvalidSignatureException", "RequestTimeTooSkewed"),
		QueryCode: "RequestTimeTooSkewed",
		Message:   "Signature expired: " + x.request.Header.Get("X-Amz-Date") + " is not within 5 min. of " + clock.UTC().Format("20060102T150405Z"),
		Status:    refusal(svc),
	})
	answer.Header.Set("Date", clock.UTC().Format(http.TimeFormat))
	return answer, true
}

// recorded keeps what a raw service writes.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorded) Header() http.Header { return w.header }

func (w *recorded) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorded) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

func (w *recorded) answer() *wire.Answer {
	w.WriteHeader(http.StatusOK)
	return &wire.Answer{Status: w.status, Header: w.header, Body: w.body.Bytes()}
}

// rawCode reads the code out of S3's <Error>; answers to HEAD have none, and
// give the status text.
func rawCode(answer *wire.Answer) string {
	var doc struct{ Code string }
	if err := xml.Unmarshal(answer.Body, &doc); err == nil && doc.Code != "" {
		return doc.Code
	}
	return http.StatusText(answer.Status)
}
