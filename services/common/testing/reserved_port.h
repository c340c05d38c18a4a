#pragma once

namespace lscp::testing {

// A port of 127.0.0.1 that the system gives to nobody while this lives, for a process that is told
// its port, or that comes back where it was: without this, a port is anybody's from the moment its
// process ends. Who listens there must set SO_REUSEADDR, as servers do. Ends the process with a
// message when there is none.
class ReservedPort {
 public:
  ReservedPort();
  ~ReservedPort();
  ReservedPort(const ReservedPort&) = delete;
  ReservedPort& operator=(const ReservedPort&) = delete;

  int number() const { return number_; }

 private:
  int socket_;
  int number_;
};

}  // namespace lscp::testing
