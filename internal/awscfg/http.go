package awscfg

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// The SDK's client waits for ever, both for the first byte of an answer and
// between two bytes of it. AWS begins an answer within seconds or not at all.
const defaultServerTimeout = 30 * time.Second

// httpClient gives up on servers that stop talking.
type httpClient struct {
	next aws.HTTPClient
	idle time.Duration
}

func newHTTPClient(c *awshttp.BuildableClient, header, idle time.Duration) *httpClient {
	if header <= 0 {
		header = defaultServerTimeout
	}
	if idle <= 0 {
		idle = defaultServerTimeout
	}
	return &httpClient{
		next: c.WithTransportOptions(func(t *http.Transport) { t.ResponseHeaderTimeout = header }),
		idle: idle,
	}
}

// Do sends the request; the answer's body fails with [errIdle] when no byte
// arrives for the idle time.
func (c *httpClient) Do(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	resp, err := c.next.Do(r.WithContext(ctx))
	if err != nil || resp.Body == nil {
		cancel()
		return resp, err
	}
	b := &idleBody{ReadCloser: resp.Body, cancel: cancel, idle: c.idle}
	b.timer = time.AfterFunc(c.idle, b.expire)
	resp.Body = b
	return resp, nil
}

// idleError is the error of a body that stopped coming. It counts as a
// timeout, so that it is retried where reading again is safe.
type idleError struct{ after time.Duration }

func (e *idleError) Error() string   { return "no data from the server for " + e.after.String() }
func (e *idleError) Timeout() bool   { return true }
func (e *idleError) Temporary() bool { return true }

type idleBody struct {
	io.ReadCloser
	timer   *time.Timer
	cancel  context.CancelFunc
	idle    time.Duration
	expired atomic.Bool
}

// expire ends the request: that wakes the Read that is waiting.
func (b *idleBody) expire() {
	b.expired.Store(true)
	b.cancel()
}

func (b *idleBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF && b.expired.Load() {
		return n, &idleError{b.idle}
	}
	if n > 0 {
		b.timer.Reset(b.idle)
	}
	return n, err
}

func (b *idleBody) Close() error {
	b.timer.Stop()
	b.cancel()
	return b.ReadCloser.Close()
}
