// An HTTP server on loopback that answers exactly what a test scripts, wrong or right,
// and writes down what it was asked.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weighbridge::test {

struct Asked {
  std::string target;
  std::string head;  // request line and headers, as sent
  bool Has(const std::string& text) const { return head.find(text) != std::string::npos; }
  // "" when absent.
  std::string Header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const std::size_t start = at + name.size() + 4;
    return head.substr(start, head.find("\r\n", start) - start);
  }
};

// Raw bytes of an answer, in pieces with a pause before each.
struct Reply {
  std::string bytes;
  bool close = false;  // after the bytes
  int pause_ms = 0;    // before the bytes
};

inline Reply HttpAnswer(int status, const std::string& body,
                        const std::vector<std::string>& headers = {}) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " X\r\n";
  for (const std::string& header : headers) text += header + "\r\n";
  return {text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

class HttpServer {
 public:
  using Handler = std::function<Reply(const Asked&)>;

  explicit HttpServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(listener_, 16);
    socklen_t length = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~HttpServer() {
    stop_ = true;
    thread_.join();
    ::close(listener_);
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::vector<Asked> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  int connections() const { return connections_; }

 private:
  bool Readable(int socket) const {
    while (!stop_) {
      pollfd wait{socket, POLLIN, 0};
      if (::poll(&wait, 1, 20) > 0) return true;
    }
    return false;
  }
  void Serve() {
    std::vector<std::thread> talks;
    while (Readable(listener_)) {
      const int socket = ::accept(listener_, nullptr, nullptr);
      if (socket < 0) continue;
      ++connections_;
      talks.emplace_back([this, socket] {
        Talk(socket);
        ::close(socket);
      });
    }
    for (std::thread& talk : talks) talk.join();
  }
  void Talk(int socket) {
    std::string pending;
    while (true) {
      std::size_t end = std::string::npos;
      while ((end = pending.find("\r\n\r\n")) == std::string::npos) {
        char bytes[4096];
        if (!Readable(socket)) return;
        const ssize_t got = ::recv(socket, bytes, sizeof bytes, 0);
        if (got <= 0) return;
        pending.append(bytes, static_cast<std::size_t>(got));
      }
      Asked asked;
      asked.head = pending.substr(0, end + 2);
      const std::size_t first = pending.find(' ') + 1;
      asked.target = pending.substr(first, pending.find(' ', first) - first);
      pending.erase(0, end + 4);
      {
        const std::lock_guard lock(mutex_);
        asked_.push_back(asked);
      }
      const Reply reply = handler_(asked);
      for (int waited = 0; waited < reply.pause_ms && !stop_; waited += 10) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      std::size_t sent = 0;
      while (sent < reply.bytes.size()) {
        const ssize_t count =
            ::send(socket, reply.bytes.data() + sent, reply.bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return;
        sent += static_cast<std::size_t>(count);
      }
      if (reply.close) return;
    }
  }

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;
  std::vector<Asked> asked_;
  std::thread thread_;
};

}  // namespace weighbridge::test
